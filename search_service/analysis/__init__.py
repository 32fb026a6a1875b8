"""Raw Arabic text to terms: the one place that knows the language."""
