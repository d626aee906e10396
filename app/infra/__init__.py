"""How we talk to machines; knows no word of medicine."""
