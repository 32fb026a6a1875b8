"""What ``bench.py`` is made of: each contestant is measured in processes of its own."""
