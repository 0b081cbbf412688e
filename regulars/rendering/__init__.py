"""Reports as files: a counted report becomes the tables, charts, pages and sheets that people keep and send on."""
