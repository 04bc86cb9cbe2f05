"""Invented reports of works, museums and shows: titles, figures in parts, things compared without typed facts."""

from __future__ import annotations

SHOWS = """# Pigments on tour

Institution: Hartsell University

## Details of the impact

The exhibition `War and Pigments' attracted over 100,000 visitors at the Lomond Museum. A Feast of Ochre drew
64,000 visitors to the Museum of Kilns in 2009. The Ochre Festival was opened by the mayor.

Brass of Corliss is an experimental instrument that filters the sound around it. The price of Brass of Corliss is
not published.

The Ochre Workshop hosted half-term activities for 253 children and a course for 102 children. Norvia Paints has handed
out 900 colour cards (300 in Ireland, 200 in the Czech Republic and the remainder in Sweden). The Kiln Fund gave
£13 million, and Ochre Partners gave a further £2m.

The Centre for Slow Colour was established in 2007. Founded in 2003, the Tint Collective is older.

Approval of the dye by the agency is currently being sought. In 2008 Corvane sought a patent on the glaze but was
defeated at the hearing. Should the varnish be licensed, the town may earn from it.
"""
