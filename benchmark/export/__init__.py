"""Gold as Hugging Face datasets, files and Croissant metadata."""
