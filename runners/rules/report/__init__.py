"""Reports: from frames in reading order to the records of the four lists."""
