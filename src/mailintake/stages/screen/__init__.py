"""Is a mail for us to answer at all?"""
