"""What runs in the student's process. Nothing here is imported by the trusted side but the framing, ``wire``, and ``faceless``."""
