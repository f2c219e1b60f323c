"""What the pages of this app tell, in words."""
