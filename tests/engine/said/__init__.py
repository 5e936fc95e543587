"""What an answer says."""
