"""What is shown: a result as text for terminals, as HTML, as SVG, as JUnit XML. Values in, strings or renderables out."""
