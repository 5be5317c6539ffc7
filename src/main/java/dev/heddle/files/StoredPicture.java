package dev.heddle.files;

/// A picture as it lies in the database, as large as it is when it is looked at.
public record StoredPicture(String mediaType, int sizeBytes, int width, int height) {}
