"""What the ports are made of here. `wiring.py` alone constructs anything in this package."""
