"""The sentences that answer: looked up, described, dated, judged, or refused with a reason."""
