"""The product's main journey as a phone makes it, over real HTTP and a real websocket."""
