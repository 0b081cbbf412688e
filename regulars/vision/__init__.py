"""Models as versioned packs: detect, align, embed, gender, quality."""
