"""How it is asked and answered: understanding, plan, composition, citation check, channels."""
