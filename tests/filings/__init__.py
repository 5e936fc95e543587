"""The brief and the filings."""
