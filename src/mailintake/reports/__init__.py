"""What staff read: digest page and workbook."""
