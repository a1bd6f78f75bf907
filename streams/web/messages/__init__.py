"""Words by family, English and Chinese beside each other."""
