"""From a question in English or Chinese to one of the catalogue's questions. Never a guess.

`words` reads text into words with meanings; `things`, `periods` and `amounts` find what a question names, `strangers`
what unknown words may stand for; `known` holds the words of each question of the catalogue, `fits` says how it takes
what was asked, `limits` what keeps only some of its rows; `asker` chooses one or refuses, `refusals` says why;
`composed` writes the SPARQL, `dialogue` lets a question lean on the one before.
"""
