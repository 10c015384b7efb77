"""`kg serve`: the local web face."""
