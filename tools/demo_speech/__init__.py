"""Makes the demo speech model from nothing: sentences, voices, training, export, evaluation."""
