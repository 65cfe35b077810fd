"""`make archive`: an invented archive of any size, as the SEC's quarterly tables and as full submissions."""
