"""What the comparators do: values are folded, then graded in pairs."""
