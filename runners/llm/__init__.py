"""Models behind OpenAI-compatible endpoints, asked for answers that follow a schema."""
