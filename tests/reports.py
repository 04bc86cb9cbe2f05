"""Short invented reports: what the shared corpus of the tests is made of."""

NORVIA = """# The Norvia programme and what came of it

Norvia funds research partnerships of firms and universities in northern Europe.

## New companies

- Tarnwood Cells Ltd, an SME in the project LUMEN-3, has spun off a company called Tarnwood Diagnostics Ltd.
- The Quillon Foundation is a spin-off from the project OPEN-ATLAS.

The programme counts 7 spin-offs in all.

## Jobs and training

The projects of the programme have created over 420 jobs. LUMEN-3 trained 38 doctoral students in 2016.
"""

HALDEN = """HALDEN UNIVERSITY: IMPACT OF RESEARCH

Patents and licences

Researchers of Halden University filed 12 patents in 2014. Ferrow Optics AB, from Sweden, licensed the
imaging software.

Quality of life

A clinical trial with 240 patients was completed in 2017. The "safe <b>dosage</b>" guide is used in 31
hospitals.
"""

REPORTS = {"norvia.md": NORVIA, "halden.txt": HALDEN}
