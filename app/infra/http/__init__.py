"""HTTP: who calls, what may be asked, how refusals are told."""
