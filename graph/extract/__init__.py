"""Records to facts: pure functions of one record, a profile and a lexicon."""
