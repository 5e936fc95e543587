"""The memo a lawyer takes away: one typed tree made from an answer, rendered as DOCX, PDF or Markdown."""
