"""What pages show, as frozen values: every formatting decision lives here."""
