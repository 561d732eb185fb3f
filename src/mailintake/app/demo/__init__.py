"""An invented day at the office: people, papers and mails, and the production worker on top of them."""
