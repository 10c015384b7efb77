"""Sources to records: a reader yields `Record | Problem` and raises only when the place cannot be used."""
