// Data for benchmarks: a repository of manifests, one small file for each object, as people write them.

/** @returns {Map<string, string>} text by file name */
export function repository(files) {
  return new Map(
    Array.from({ length: files }, (_, index) => {
      const [kind, text] = KINDS[index % KINDS.length](index);
      return [`${kind}-${index}.yaml`, text];
    }),
  );
}

const KINDS = [service, deployment, service, deployment, configMap];

/** Of the app that an object belongs to: those of five neighbours are one app. */
function names(index) {
  const app = Math.floor(index / KINDS.length);
  return { name: `app-${app}`, namespace: `team-${app % 20}` };
}

function service(index) {
  const { name, namespace } = names(index);
  const suffix = index % KINDS.length === 0 ? '' : '-admin';
  return [
    'service',
    `# Clients inside of the cluster reach ${name} here.
apiVersion: v1
kind: Service
metadata:
  name: ${name}${suffix}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: shop
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
      protocol: TCP
    - name: metrics
      port: 9090
      targetPort: metrics
`,
  ];
}

function deployment(index) {
  const { name, namespace } = names(index);
  const suffix = index % KINDS.length === 1 ? '' : '-worker';
  return [
    'deployment',
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}${suffix}
  namespace: ${namespace}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: ${name}
      containers:
        - name: main
          image: "registry.example.com/${name}:1.${index}.0"
          args: ["--listen=:8080", "--log-level=info"]
          ports:
            - name: http
              containerPort: 8080
            - name: metrics
              containerPort: 9090
          env:
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef:
                  name: ${name}
                  key: url
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 5
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
`,
  ];
}

function configMap(index) {
  const { name, namespace } = names(index);
  return [
    'config-map',
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  settings.ini: |
    [server]
    workers = 4
    timeout = 30s
  FEATURES: "search,basket"
`,
  ];
}
