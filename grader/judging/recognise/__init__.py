"""The room recognise."""
