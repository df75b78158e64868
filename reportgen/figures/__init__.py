"""Figures: counts and curves in, one `<svg>` element as text out; the only home of matplotlib."""
