"""What each clause tells, read from its mentions."""
