"""What medicines are: names, classes, doses, and what does not go together."""
