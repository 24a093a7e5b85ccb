"""Cedar decides, over facts alone; an error, a gap or a doubt is a deny."""
