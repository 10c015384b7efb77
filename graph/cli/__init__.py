"""The command `kg`: all printing, writing and exit codes."""
