"""What came back: reported, corrected, acknowledged, called back when it cannot wait."""
