"""Where people and programs come in. What is here translates and never decides."""
