/// Softmax over each row of `[n, classes]` (`torch.softmax(dim=1)`); of one class, the sigmoid (`torch.sigmoid`).
pub fn softmax(input: &[f32], classes: usize) -> Vec<f64> {
    if classes == 1 {
        return input.iter().map(|&value| 1.0 / (1.0 + (-f64::from(value)).exp())).collect();
    }
    let mut output = Vec::with_capacity(input.len());
    for row in input.chunks_exact(classes) {
        let largest = row.iter().fold(f64::NEG_INFINITY, |largest, &value| largest.max(f64::from(value)));
        let exponentials: Vec<f64> = row.iter().map(|&value| (f64::from(value) - largest).exp()).collect();
        let sum: f64 = exponentials.iter().sum();
        output.extend(exponentials.iter().map(|value| value / sum));
    }
    output
}
