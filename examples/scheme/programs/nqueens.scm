;;; In how many ways so many queens fit on a board, none in the way of another.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 6 (string->number (car arguments)))))

;; The queens that stand are in the rows behind: the nearest row first.
(define (fits? column queens)
  (let look ((distance 1) (queens queens))
    (or (null? queens)
        (and (not (= (car queens) column))
             (not (= (abs (- (car queens) column)) distance))
             (look (+ distance 1) (cdr queens))))))

(define (solutions rows queens)
  (if (= rows 0)
      1
      (let try ((column 0) (found 0))
        (cond ((= column size) found)
              ((fits? column queens)
               (try (+ column 1) (+ found (solutions (- rows 1) (cons column queens)))))
              (else (try (+ column 1) found))))))

(display (list size 'queens: (solutions size '())))
(newline)
