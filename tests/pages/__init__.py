"""The pages, as a visitor meets them."""
