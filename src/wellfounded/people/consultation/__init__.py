"""The consultation: responses, what they say point by point, and the conclusions that each point lands on."""
