"""`python -m service` is `impactqa`."""

from service.cli import main

main()
