"""What those who run Contrapost watch: whether it lives, whether it is ready, and its figures."""
