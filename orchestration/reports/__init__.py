"""Any report by any field, composed without a word of the asker's text in the SQL."""
