"""From a question in English or Chinese to one of the catalogue's questions. Never a guess.

`words` reads text into words with meanings, `periods` and `things` find what a question names, `fits` says how a
question of the catalogue takes what was named, `asker` chooses one or refuses, `refusals` says why, `composed` writes
the SPARQL, `dialogue` lets a question lean on the one before.
"""
