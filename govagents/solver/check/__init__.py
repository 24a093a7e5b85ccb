"""The checker: what a certificate is worth, by the standard library alone; see `judgement.py`.

It shares no line with the solver. `python3 -I -S` and the path of this folder, then a folder of
files, judges them with nobody's packages loaded.
"""
