"""What pages tell, in words: rows and rules turned into lines, steps and sentences. Nothing here writes."""
