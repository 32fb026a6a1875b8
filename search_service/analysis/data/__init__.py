"""Word lists and rule tables as TSV files; each has a comment column."""
